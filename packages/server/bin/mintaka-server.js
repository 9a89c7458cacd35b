#!/usr/bin/env -S node --max-semi-space-size=8
// About the flag, here and in "npm start": V8 doubles its young generation whenever enough objects survive, so it grows for
// hours without becoming faster. This file uses old JavaScript syntax, so that the check runs before anything that an old
// Node cannot parse.
require('./check-node.js');
require('./launch.js');
