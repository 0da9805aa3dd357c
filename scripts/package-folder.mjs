// Packages the built app into the folder that is named, and prints the program's path. A process of its own:
// electron-builder needs the pinned Node.
import { packageFolder } from './package-app.mjs';

console.log(await packageFolder(String(process.argv[2])));
