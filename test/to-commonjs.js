const ts = require('typescript');

const compilerOptions = { target: 'ES2022', module: 'CommonJS', esModuleInterop: true };

/** Makes an ES module, or a file that imports one, what jest can load. */
module.exports = {
  process: (text) => ({ code: ts.transpileModule(text, { compilerOptions }).outputText }),
};
