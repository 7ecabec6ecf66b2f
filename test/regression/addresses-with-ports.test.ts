import { addressKey } from '../../lib/interceptors/rate-limit/address-key';

test.each([
  ['192.0.2.7:4711', '192.0.2.7'],
  ['[2001:db8:1:2::9]:4711', '2001:db8:1:2::/64'],
  ['[2001:db8:1:2::9]', '2001:db8:1:2::/64'],
  ['[::ffff:192.0.2.7]:1', '192.0.2.7'],
])('some proxies forward the port as well: %s counts as %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});

test.each(['192.0.2.7:', '192.0.2.7:a', 'host:80', '[nothing]:80'])(
  '%s is no such address',
  (text) => {
    expect(addressKey(text)).toBe(text);
  },
);
