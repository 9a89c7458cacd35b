// Plain JavaScript, so that an old Node gets as far as to say what is wrong with it.
const oldest = 26;

if (Number(process.versions.node.split('.', 1)[0]) < oldest) {
  process.stderr.write(
    `Mintaka needs Node ${oldest} or later, and this is Node ${process.versions.node}. ` +
      'In a checkout, "npm ci" puts the right one into node_modules, and "npm start" runs it.\n',
  );
  process.exit(1);
}
