#!/usr/bin/env -S node --max-semi-space-size=8
// The flag, here and in "npm start": V8 doubles its space for short-lived objects whenever enough of them survive, so it
// grows for hours without becoming faster.
// This file is plain old JavaScript, so that the check comes before anything that an old Node cannot read.
require('./check-node.js');
require('./launch.js');
