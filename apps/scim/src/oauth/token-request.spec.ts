import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OAuthError } from './oauth.error.js';
import { parseTokenRequest } from './token-request.js';

const grant = 'grant_type=client_credentials';
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

function errorOf(form: string, authorization?: string): unknown {
  try {
    return parseTokenRequest(form, authorization);
  } catch (error) {
    return error instanceof OAuthError ? `${error.status} ${error.code}` : error;
  }
}

describe(parseTokenRequest.name, () => {
  it.each([
    ['in the form', `${grant}&client_id=id&client_secret=s`, undefined, ['s']],
    ['in the form, encoded', `${grant}&client_id=id&client_secret=a%2Bb%40h%3As`, undefined, ['a+b@h:s']],
    ['in the form, with a scope and more', `${grant}&client_id=id&client_secret=s&scope=a+b&x=y&z`, undefined, ['s']],
    ['in the form, beside another scheme', `${grant}&client_id=id&client_secret=s`, 'Bearer x', ['s']],
    ['in the header', grant, basic('id:s'), ['s']],
    ['in the header, in any case of its scheme', grant, basic('id:s').replace('Basic', 'bAsIc'), ['s']],
    ['in the header, with colons', grant, basic('id:a@h:s'), ['a@h:s']],
    ['in the header, encoded', grant, basic('id:a%40h%3As'), ['a@h:s', 'a%40h%3As']],
    ['in the header, with a plus that was not encoded', grant, basic('id:a+b@h:s'), ['a b@h:s', 'a+b@h:s']],
    ['in the header, with a percent sign that encodes nothing', grant, basic('id:a%zz'), ['a%zz']],
    ['in both', `${grant}&client_id=id&client_secret=a%2Bb`, basic('id:a+b'), ['a+b']],
    ['in the header, the id in both', `${grant}&client_id=id`, basic('id:s'), ['s']],
    ['in both, empty in the form', `${grant}&client_id=&client_secret=`, basic('id:s'), ['s']],
  ])('should read credentials %s', (_name, form, authorization, secrets) => {
    expect(parseTokenRequest(form, authorization)).toEqual({ clientId: 'id', secrets });
  });

  it.each([
    ['400 invalid_request', ''],
    ['400 invalid_request', 'client_id=id&client_secret=s'],
    ['400 invalid_request', 'grant_type=&client_id=id&client_secret=s'],
    ['400 invalid_request', `${grant}&${grant}&client_id=id&client_secret=s`],
    ['400 invalid_request', `${grant}&client_id=id&client_id=id&client_secret=s`],
    ['400 invalid_request', `${grant}&client_id=id&client_secret=s&client_secret=t`],
    ['400 invalid_request', `${grant}&client_id=id&client_secret=s&scope=a&scope=a`],
    ['400 invalid_request', `${grant}&client_id=other`, basic('id:s')],
    ['400 invalid_request', `${grant}&client_id=id&client_secret=t`, basic('id:s')],
    ['400 unsupported_grant_type', 'grant_type=password&username=a&password=b'],
    ['400 unsupported_grant_type', 'grant_type=CLIENT_CREDENTIALS&client_id=id&client_secret=s'],
    ['401 invalid_client', grant],
    ['401 invalid_client', `${grant}&client_id=id`],
    ['401 invalid_client', `${grant}&client_secret=s`],
    ['401 invalid_client', grant, 'Bearer x'],
    ['401 invalid_client', grant, 'Basic'],
    ['401 invalid_client', grant, 'Basic ???'],
    ['401 invalid_client', grant, basic('no colon')],
    ['401 invalid_client', grant, basic('id:')],
    ['401 invalid_client', `${grant}&client_id=id&client_secret=s`, 'Basic ???'],
  ])('should refuse with %s: %s', (...row) => {
    const [expected, form, authorization] = row;
    expect(errorOf(form, authorization)).toBe(expected);
  });

  it('should read every secret that was encoded as RFC 6749 section 2.3.1 has it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (secret) => {
        const encoded = new URLSearchParams({ secret }).toString().slice('secret='.length);
        expect(parseTokenRequest(grant, basic(`id:${encoded}`)).secrets[0]).toBe(secret);
      }),
    );
  });

  it('should throw nothing but errors of OAuth', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (form, header) => {
        for (const authorization of [header, `Basic ${header}`, basic(header)])
          expect(errorOf(`${grant}&${form}`, authorization)).not.toBeInstanceOf(Error);
      }),
    );
  });
});
