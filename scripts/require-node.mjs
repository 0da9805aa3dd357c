// Imported first by every entry script: an old Node gets one clear line instead of a stack trace.
const OLDEST = 20;

if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  process.stderr.write(`larder: needs Node ${OLDEST} or newer, this is ${process.version}\n`);
  process.exit(1);
}
