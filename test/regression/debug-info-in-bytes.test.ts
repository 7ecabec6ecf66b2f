import { toErrorBody } from '../../lib/errors/error-body';

const hidden = Buffer.from('\n\x29type.googleapis.com/google.rpc.DebugInfo\x12\x06secret');
const any = (value: unknown) => ({ type_url: 'type.googleapis.com/other.Message', value });
const bodyOf = (details: unknown[], showDebug: boolean) => {
  const error = { status: 400, code: 'C', message: 'm', details: { details } };
  return JSON.parse(toErrorBody(error, showDebug)).details.details;
};

test.each([
  ['bytes', hidden],
  ['base64', hidden.toString('base64')],
])(
  'R3 an Any that nobody could decode, as %s, is removed when DebugInfo is in it',
  (_as, value) => {
    const harmless = any('CAE=');
    expect(bodyOf([any(value), harmless], false)).toEqual([harmless]);
    expect(bodyOf([any(value), harmless], true)).toHaveLength(2);
  },
);
