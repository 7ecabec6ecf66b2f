/** The alias of Express 4 in package.json; what the tests use of it has the same types as in Express 5. */
declare module 'express4' {
  export * from 'express';
  export { default } from 'express';
}
