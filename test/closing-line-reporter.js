/** Ends a run with one line: `N passed, N failed, N skipped`. A file that cannot run counts as one failure. */
module.exports = class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`;
    // Jest adds its own summary after every custom reporter.
    process.once('exit', () => console.log(line));
  }
};
