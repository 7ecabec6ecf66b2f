/** What hooks throw, and the status, code and message that RELIABILITY K1 asks for. */
export const thrownValues: readonly [name: string, thrown: unknown, expected: object][] = [
  ['an Error', new Error('boom'), { status: 500, code: 'GATEWAY_REQUEST_ERROR' }],
  [
    'an Error with a code',
    Object.assign(new Error('boom'), { code: 'OWN' }),
    { status: 500, code: 'OWN' },
  ],
  ['null', null, { status: 500, code: 'GATEWAY_REQUEST_ERROR' }],
  ['undefined', undefined, { status: 500, code: 'GATEWAY_REQUEST_ERROR' }],
  ['a string', 'boom', { status: 500, code: 'GATEWAY_REQUEST_ERROR' }],
  ['a symbol', Symbol('boom'), { status: 500, code: 'GATEWAY_REQUEST_ERROR' }],
  [
    'a literal with a status',
    { status: 418, code: 'TEAPOT', message: 'short and stout' },
    { status: 418, code: 'TEAPOT', message: 'short and stout' },
  ],
  [
    'a frozen Error with a status',
    Object.freeze(Object.assign(new Error('no'), { status: 403, code: 'DENIED' })),
    { status: 403, code: 'DENIED', message: 'no' },
  ],
  [
    'a frozen object with a status',
    Object.freeze({ status: 451, code: 'FROZEN', message: 'as it is' }),
    { status: 451, code: 'FROZEN', message: 'as it is' },
  ],
  ['the status 200', { status: 200, code: 'OK' }, { status: 500 }],
  ['the status 399', { status: 399, code: 'OK' }, { status: 500 }],
  ['the status 600', { status: 600, code: 'FAR' }, { status: 500 }],
  ['the status 599', { status: 599, code: 'LAST' }, { status: 599, code: 'LAST' }],
  ['the status NaN', { status: NaN, code: 'NONE' }, { status: 500 }],
  ['a status that is no integer', { status: 404.5 }, { status: 500 }],
  ['a status that is text', { status: '404' }, { status: 500 }],
  ['a number', 404, { status: 500, code: 'GATEWAY_REQUEST_ERROR' }],
  ['an object without a prototype', Object.create(null), { status: 500 }],
  ['a frozen empty object', Object.freeze({}), { status: 500 }],
  [
    'an object whose members throw',
    {
      get status() {
        throw new Error('never read me');
      },
    },
    { status: 500, code: 'GATEWAY_REQUEST_ERROR' },
  ],
];
