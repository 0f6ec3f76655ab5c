// Imported first by every command, and written so that an old Node can still parse and run it.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    'Node ' + process.versions.node + ' is too old: this project needs Node 20.19 or newer (24 is recommended).',
  );
  process.exit(1);
}
