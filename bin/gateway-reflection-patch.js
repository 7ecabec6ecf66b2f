#!/usr/bin/env node
'use strict';
const { main } = require('../build/reflection-patch/main.js');

main(process.argv.slice(2), process.env.INIT_CWD);
