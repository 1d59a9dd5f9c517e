// Loaded before each command of ours: says in words what else would be a riddle. Plain JavaScript that any Node reads.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Node ${process.versions.node} runs this command, and it needs 22.18 or newer. Node 24 comes with the dependencies:\n` +
      "run `npm ci` first, with install scripts allowed for the package `node` (npm install-scripts approve node).",
  );
  process.exit(1);
}
