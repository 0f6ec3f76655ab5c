import { ScimError } from '@cleanmail/scim';
import { UnreadableBody } from '@cleanmail/scim-http';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

/** The media type of OAuth's requests (RFC 6749 appendix B). */
export const formMediaType = 'application/x-www-form-urlencoded';

/** The longest form that is read, in bytes; a client assertion would be the longest that anybody sends. */
const mostBytes = 16_384;

/** A form, which only OAuth's routes read: for the others it is a body of a media type that they do not know. */
export class FormBody extends UnreadableBody {
  /** `text` is undefined when the form was too long or ended too early. */
  constructor(readonly text: string | undefined) {
    super(ScimError.unsupportedMediaType('The request body must be application/scim+json or application/json.'));
  }
}

/** Reads forms. What is too long is read to its end and thrown away, so that the connection stays good. */
export function addFormBodyParser(adapter: FastifyAdapter): void {
  adapter
    .getInstance<FastifyInstance>()
    .addContentTypeParser(
      formMediaType,
      async (_request: unknown, payload: AsyncIterable<Buffer>) => new FormBody(await textOf(payload)),
    );
}

async function textOf(payload: AsyncIterable<Buffer>): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of payload) {
      bytes += chunk.length;
      if (bytes <= mostBytes) {
        chunks.push(chunk);
      }
    }
  } catch {
    return undefined;
  }
  return bytes > mostBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}
