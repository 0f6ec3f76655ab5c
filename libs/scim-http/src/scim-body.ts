import { ScimError } from '@cleanmail/scim';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The deepest nesting of arrays and objects that a body may have. */
export const deepestNesting = 32;

/**
 * A body that could not be read. It travels on to the handler, so that the token is looked at first and the log of the
 * tenant shows what was wrong.
 */
export class UnreadableBody {
  constructor(readonly error: ScimError) {}
}

/** Reads `application/scim+json` and `application/json`; the parser of Fastify keeps prototypes out. */
export function addScimBodyParsers(adapter: FastifyAdapter): void {
  const fastify = adapter.getInstance<FastifyInstance>();
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    ['application/scim+json', 'application/json'],
    { parseAs: 'string' },
    (request: FastifyRequest, body, done) => {
      const text = body.toString();
      if (text === '') {
        done(null, undefined);
      } else if (nestingOf(text) > deepestNesting) {
        done(
          null,
          new UnreadableBody(ScimError.invalidSyntax(`The body is nested deeper than ${deepestNesting} levels.`)),
        );
      } else {
        void parseJson(request, text, (error, value) =>
          done(null, error === null ? value : new UnreadableBody(syntaxError(error))),
        );
      }
    },
  );
  fastify.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    payload.once('end', () =>
      done(
        null,
        new UnreadableBody(
          ScimError.unsupportedMediaType('The request body must be application/scim+json or application/json.'),
        ),
      ),
    );
    payload.once('error', () =>
      done(null, new UnreadableBody(ScimError.invalidSyntax('The request body ended before it was complete.'))),
    );
  });
}

function syntaxError(error: Error): ScimError {
  return error.message.includes('prototype')
    ? ScimError.invalidSyntax('The body contains a key that is not allowed.')
    : ScimError.invalidSyntax('The body is not valid JSON.');
}

/** How deep arrays and objects are nested, counted before anything is built from them. */
function nestingOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (isInString) {
      index += character === '\\' ? 1 : 0;
      isInString = character !== '"';
    } else if (character === '"') {
      isInString = true;
    } else if (character === '{' || character === '[') {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (character === '}' || character === ']') {
      depth -= 1;
    }
  }
  return deepest;
}
