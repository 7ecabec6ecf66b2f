import type { GatewayContext } from '../context';

type Dict = Record<string, unknown>;

/** What the caller's own redaction leaves of the data; failing, nothing. Without one, the data. */
export function redactKeys({ utils }: Pick<GatewayContext, 'utils'>, data: Dict): Dict | undefined {
  try {
    return utils?.redactSensitiveKeys ? utils.redactSensitiveKeys(data) : data;
  } catch {
    return undefined;
  }
}
