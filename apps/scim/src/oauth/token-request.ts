import type { ClientAuthentication } from '@cleanmail/tenants';
import { OAuthError } from './oauth.error.js';

interface Credentials {
  readonly clientId: string | undefined;
  readonly secrets: readonly string[];
}

/**
 * Reads a request for an access token by client credentials (RFC 6749 section 4.4.2). The client may tell who it is in
 * the header (`client_secret_basic`), in the form (`client_secret_post`), or in both when they agree; what else the form
 * holds, `scope` among it, changes nothing: a token opens all that its tenant has here.
 * @throws OAuthError
 */
export function parseTokenRequest(form: string, authorization: string | undefined): ClientAuthentication {
  const parameters = new URLSearchParams(form);
  const repeated = [...parameters.keys()].find((name) => parameters.getAll(name).length > 1);
  if (repeated !== undefined) {
    throw OAuthError.invalidRequest('Every parameter must stand in the form once.');
  }
  const grantType = valueOf(parameters, 'grant_type');
  if (grantType === undefined) {
    throw OAuthError.invalidRequest('The parameter grant_type is missing.');
  }
  if (grantType !== 'client_credentials') {
    throw OAuthError.unsupportedGrantType();
  }
  const secret = valueOf(parameters, 'client_secret');
  const inForm = { clientId: valueOf(parameters, 'client_id'), secrets: secret === undefined ? [] : [secret] };
  const { clientId, secrets } = agreed(basicCredentials(authorization), inForm);
  if (clientId === undefined || secrets.length === 0) {
    throw OAuthError.invalidClient();
  }
  return { clientId, secrets };
}

/** A parameter without a value counts as left out (RFC 6749 section 3.2). */
function valueOf(parameters: URLSearchParams, name: string): string | undefined {
  const value = parameters.get(name);
  return value === null || value === '' ? undefined : value;
}

function agreed(inHeader: Credentials | undefined, inForm: Credentials): Credentials {
  if (inHeader === undefined) {
    return inForm;
  }
  const { clientId = inHeader.clientId, secrets } = inForm;
  if (clientId !== inHeader.clientId || !secrets.every((secret) => inHeader.secrets.includes(secret))) {
    throw OAuthError.invalidRequest('The client id and secret in the header and in the form are not the same.');
  }
  return secrets.length === 0 ? inHeader : inForm;
}

/**
 * The credentials of HTTP Basic. RFC 6749 section 2.3.1 has both halves encoded as in a form, which many clients leave
 * out: a secret that the encoding changes is tried in both readings.
 */
function basicCredentials(authorization = ''): Credentials | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(authorization) ?? [];
  if (encoded === undefined) {
    if (/^basic\b/i.test(authorization)) {
      throw OAuthError.invalidClient();
    }
    return undefined;
  }
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) {
    throw OAuthError.invalidClient();
  }
  const secret = text.slice(colon + 1);
  const secrets = new Set([formDecoded(secret) ?? secret, secret].filter((reading) => reading !== ''));
  const clientId = text.slice(0, colon);
  return { clientId: formDecoded(clientId) ?? clientId, secrets: [...secrets] };
}

function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
