// Old JavaScript syntax, so that every Node can read it and print the message.
var oldest = 26;

if (Number(process.versions.node.split('.')[0]) < oldest) {
  process.stderr.write(
    'mintaka: needs Node ' +
      oldest +
      ' or later, and this is Node ' +
      process.versions.node +
      '. In a checkout, "npm ci" installs the right one into node_modules, and "npm start" runs it.\n',
  );
  process.exit(1);
}
