/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/test-integration/**/*.test.ts'],
  // `isolatedModules` in tsconfig.json makes ts-jest transpile only: `npm run typecheck` checks types.
  transform: { '^.+\\.ts$': 'ts-jest' },
  modulePathIgnorePatterns: ['<rootDir>/build/', '/\\.out/'],
  testTimeout: 30000,
  reporters: ['default', '<rootDir>/test/closing-line-reporter.js'],
};
