import { describe, expect, it } from 'vitest';
import { bodyFileName } from './body-file-name';

describe('bodyFileName', () => {
  it.each([
    ['https://a.test/v1/products/7?x=1#y', 'application/json; charset=utf-8', '7.json'],
    ['https://a.test/v1/products', 'application/problem+json', 'products.json'],
    ['https://a.test/logo.png', 'image/png', 'logo.png'],
    ['https://a.test/', 'text/html', 'body.html'],
    ['https://a.test', null, 'body.bin'],
    ['https://a.test/caf%C3%A9', 'text/plain', 'café.txt'],
  ])('names %s (%s) %s', (url, type, name) => {
    expect(bodyFileName(url, type)).toBe(name);
  });

  it.each([
    ['https://a.test/..%2F..%2Fetc%2Fpasswd', '_.._etc_passwd.txt'],
    ['https://a.test/a%5C..%5Cb%00c', 'a_.._b_c.txt'],
    ['https://a.test/photo%E2%80%AEgpj.exe', 'photo_gpj.exe'],
    ['https://a.test/CON', '_CON.txt'],
    ['https://a.test/...', 'body.txt'],
    ['https://a.test/%E0%A4%A', '%E0%A4%A.txt'],
  ])('makes a plain file name of %s', (url, name) => {
    expect(bodyFileName(url, 'text/plain')).toBe(name);
  });

  it('keeps names short', () => {
    expect(bodyFileName(`https://a.test/${'x'.repeat(5000)}`, 'text/plain')).toHaveLength(124);
  });
});
