import { describe, expect, it } from '@jest/globals';
import { errorMessage } from './error-message.js';
import { ScimError } from './scim-error.js';

describe(ScimError.name, () => {
  it.each([
    [ScimError.invalidFilter('d'), 400, 'invalidFilter'],
    [ScimError.tooMany('d'), 400, 'tooMany'],
    [ScimError.uniqueness('d'), 409, 'uniqueness'],
    [ScimError.conflict('d'), 409, undefined],
    [ScimError.mutability('d'), 400, 'mutability'],
    [ScimError.invalidSyntax('d'), 400, 'invalidSyntax'],
    [ScimError.invalidPath('d'), 400, 'invalidPath'],
    [ScimError.noTarget('d'), 400, 'noTarget'],
    [ScimError.invalidValue('d'), 400, 'invalidValue'],
    [ScimError.invalidVers('d'), 400, 'invalidVers'],
    [ScimError.sensitive('d'), 403, 'sensitive'],
    [ScimError.notFound('d'), 404, undefined],
    [ScimError.unauthorized(), 401, undefined],
    [ScimError.forbidden('d'), 403, undefined],
    [ScimError.preconditionFailed('d'), 412, undefined],
    [ScimError.payloadTooLarge('d'), 413, undefined],
    [ScimError.unsupportedMediaType('d'), 415, undefined],
    [ScimError.methodNotAllowed('d'), 405, undefined],
    [ScimError.notImplemented('d'), 501, undefined],
    [ScimError.tooManyRequests('d', 3), 429, undefined],
    [ScimError.unavailable('d'), 503, undefined],
    [ScimError.internal(), 500, undefined],
  ])('should carry its status and type: %p', (error, status, scimType) => {
    expect(error).toBeInstanceOf(Error);
    expect({ status: error.status, scimType: error.scimType }).toEqual({ status, scimType });
    expect(error.message).toBe(error.detail);
  });
});

describe(errorMessage.name, () => {
  it('should render the status as a string', () => {
    expect(errorMessage(ScimError.uniqueness('userName is taken.'))).toStrictEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '409',
      scimType: 'uniqueness',
      detail: 'userName is taken.',
    });
  });

  it('should leave scimType out where the RFC has none', () => {
    expect(Object.keys(errorMessage(ScimError.notFound('No such user.')))).toEqual(['schemas', 'status', 'detail']);
  });
});
