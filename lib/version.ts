/** The version of this package, sent upstream as `x-gateway-version`. Equal to package.json's (tested). */
export const VERSION = '0.1.0';
