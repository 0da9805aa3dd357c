/** The desktop app: main and preload as self-contained CommonJS, so that a packaged app needs no node_modules,
 *  and the renderer. The targets are those of the oldest Electron that the tests may meet. */
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const NODE_TARGET = 'node18';
const CHROME_TARGET = 'chrome114';

/** Zod speaks English here: its forty other languages would be a third of what has to be read at every start. */
const englishOnly = { find: /^\.\.\/locales\/index\.js$/, replacement: '../locales/en.js' };

/** Without spaces and comments there is less to read at every start; names stay, for whoever reads a stack. */
const compact = { compress: false, mangle: false, codegen: { removeWhitespace: true } } as const;

function commonJs(entry: string, fileName: string) {
  return {
    target: NODE_TARGET,
    externalizeDeps: false,
    minify: false,
    rollupOptions: {
      input: { index: entry },
      output: {
        format: 'cjs' as const,
        entryFileNames: fileName,
        chunkFileNames: 'chunk-[hash].cjs',
        minify: compact,
      },
    },
  };
}

export default defineConfig({
  main: { build: commonJs('electron/main/index.ts', 'index.cjs'), resolve: { alias: [englishOnly] } },
  preload: { build: commonJs('electron/preload/index.ts', 'index.cjs') },
  renderer: {
    root: 'renderer',
    plugins: [react(), tailwindcss()],
    resolve: { alias: [englishOnly] },
    build: {
      target: CHROME_TARGET,
      minify: true,
      outDir: 'out/renderer',
      rollupOptions: { input: { index: 'renderer/index.html' } },
    },
  },
});
