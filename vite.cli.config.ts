/** The command line for plain Node, which finds the runtime dependencies in node_modules; what Redis needs lies beside it. */
import { chmodSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

const OUTPUT = 'out/cli/larder.mjs';
const SHEBANG = '#!/usr/bin/env node\n';

/** npm makes bin files executable on installation; a clone's `out/` is run as it is. */
function executable(): Plugin {
  return {
    name: 'executable',
    renderChunk: (code) => (code.startsWith('#!') ? null : { code: SHEBANG + code, map: null }),
    writeBundle: () => chmodSync(OUTPUT, 0o755),
  };
}

export default defineConfig({
  plugins: [executable()],
  build: {
    ssr: 'electron/cli/larder.ts',
    outDir: 'out/cli',
    target: 'node22',
    minify: false,
    rollupOptions: { output: { format: 'esm', entryFileNames: 'larder.mjs' } },
  },
});
