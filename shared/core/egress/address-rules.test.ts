import { describe, expect, it } from 'vitest';
import { isPublicAddress, isSameAddress, parseAddress } from './address-rules.ts';

describe('isPublicAddress', () => {
  it.each([
    ...['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0'],
    ...['169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0'],
    ...['198.17.255.255', '198.20.0.0', '223.255.255.255', '::ffff:93.184.215.14', '2606:4700::1111'],
    ...['2a00:1450:4001:82a::200e', '2001:200::1', '2003::1', '3ffe::1'],
  ])('accepts %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ...['', 'localhost', '1.1.1', '1.1.1.256', '01.1.1.1', '0x1.1.1.1', ' 1.1.1.1', '2606:4700:::1', '2606::4700::1'],
    ...[
      '2606:4700',
      '2606:4700::11111',
      '2606:4700::1%eth0',
      '1:2:3:4:5:6:7:8:9',
      '2606:1.1.1.1::',
      '1:2:3:4:5:6:7::8',
    ],
  ])('rejects %j, which is no public address', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('parseAddress', () => {
  it('reads an address with zeros left out', () => {
    expect(parseAddress('2001:db8::ff00:42:8329')).toEqual([32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 255, 0, 0, 66, 131, 41]);
  });
});

describe('isSameAddress', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4', true],
    ['::ffff:1.2.3.4', '1.2.3.4', true],
    ['2606:4700::1', '2606:4700:0:0:0:0:0:1', true],
    ['1.2.3.4', '1.2.3.5', false],
    ['', '', false],
  ])('compares %j and %j: %s', (one, other, expected) => {
    expect(isSameAddress(one, other)).toBe(expected);
  });
});
