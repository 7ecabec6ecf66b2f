import { BuildFault } from './transport';

/**
 * Loads, or finds, a package that is installed only by those who use `feature`.
 *
 * @throws BuildFault, code `MISSING_PACKAGE`
 */
export function loadOptionalPackage<T>(name: string, feature: string, load: () => T): T {
  try {
    return load();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw error;
    const text = `${feature} needs the package ${name}, which is not installed: npm install ${name}`;
    throw new BuildFault('MISSING_PACKAGE', text);
  }
}
