import { buildEcho, proto, writeFiles } from './echo-protos';

test.each<[string, Record<string, string>, string, string[]]>([
  ['a file that is not there', {}, 'shop.Echo', ['echo.proto is not found']],
  ['a folder', { 'echo.proto/a.proto': '' }, 'shop.Echo', ['echo.proto is not found']],
  [
    'an import that is not there',
    { 'echo.proto': proto('shop', ['no/such.proto']) },
    'shop.Echo',
    ['no/such.proto is not found', 'imported by', 'echo.proto'],
  ],
  [
    'an import of an import that is not there',
    {
      'echo.proto': proto('shop', ['message.proto']),
      'message.proto': 'syntax = "proto3"; import "gone.proto";',
    },
    'shop.Echo',
    ['gone.proto is not found', 'message.proto'],
  ],
  [
    'a service that is not in the file',
    { 'echo.proto': proto('shop', [], 'Message', 'message Message {}') },
    'shop.Ecco',
    ['echo.proto has no service shop.Ecco', 'shop.Echo'],
  ],
  [
    'the end of a service name',
    { 'echo.proto': proto('shop', [], 'Message', 'message Message {}') },
    'Echo',
    ['echo.proto has no service Echo', 'shop.Echo'],
  ],
  [
    'a message for a service',
    { 'echo.proto': proto('shop', [], 'Message', 'message Message {}') },
    'shop.Message',
    ['has no service shop.Message'],
  ],
  ['a name of every object', { 'echo.proto': 'syntax = "proto3";' }, '__proto__', ['no service']],
  ['a type that is nowhere', { 'echo.proto': proto('shop') }, 'shop.Echo', ['Message']],
  [
    'a file that is no proto',
    { 'echo.proto': 'syntax = "proto3";\nmessage {' },
    'shop.Echo',
    ['echo.proto', 'line 2'],
  ],
  [
    'two types of one name',
    { 'echo.proto': proto('shop', [], 'M', 'message M {} message M {}') },
    'shop.Echo',
    ['echo.proto', 'duplicate name', 'M'],
  ],
])('G6 %s fails the build, naming it', (_name, files, protoKey, parts) => {
  const folder = writeFiles(files);
  const start = () => buildEcho('echo.proto', protoKey, { includeProtoRoots: [folder] });
  for (const part of parts) expect(start).toThrow(part);
});
