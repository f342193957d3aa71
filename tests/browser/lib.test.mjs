import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneTimeCode } from './lib.mjs';

test('one-time codes are those of RFC 6238', () => {
  // The RFC's secret "12345678901234567890" in base 32, its last six of eight digits.
  const secret = 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ';
  const known = [[59, '287082'], [1111111109, '081804'], [1234567890, '005924'], [20000000000, '353130']];
  for (const [seconds, code] of known) assert.equal(oneTimeCode(secret, seconds * 1000), code);
});
