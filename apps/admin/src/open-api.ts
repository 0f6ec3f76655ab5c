import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** The files of the reader that are served, with their media types. */
const assets = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const;

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Cleanmail Provisioning: admin REST</title>
    <link rel="stylesheet" href="/admin/docs/swagger-ui.css">
  </head>
  <body>
    <div id="reader"></div>
    <script src="/admin/docs/swagger-ui-bundle.js"></script>
    <script src="/admin/docs/start.js"></script>
  </body>
</html>
`;

const start = "window.ui = SwaggerUIBundle({ url: '/admin/docs-json', dom_id: '#reader' });\n";
const contentSecurityPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

/**
 * Serves the OpenAPI document at `/admin/docs-json` and a reader for it at `/admin/docs`. The document is made when it
 * is first asked for, and the reader's files are read only then: an idle service holds neither.
 */
export function serveOpenApi(application: NestFastifyApplication): void {
  const fastify = application.getHttpAdapter().getInstance();
  let document: OpenAPIObject | undefined;
  fastify.get('/admin/docs-json', () => (document ??= describe(application)));
  fastify.get('/admin/docs', (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', contentSecurityPolicy).send(page),
  );
  fastify.get('/admin/docs/start.js', (_request, reply) => reply.type(assets['swagger-ui-bundle.js']).send(start));
  for (const [name, mediaType] of Object.entries(assets)) {
    fastify.get(`/admin/docs/${name}`, async (_request, reply) => reply.type(mediaType).send(await readAsset(name)));
  }
}

function describe(application: NestFastifyApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle('Cleanmail Provisioning: admin REST')
    .setDescription(
      'Tenants, secret tokens, mailbox accounts and the provisioning log. Errors are application/problem+json (RFC 9457).',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The admin key.' })
    .build();
  return SwaggerModule.createDocument(application, description);
}

function readAsset(name: string): Promise<Buffer> {
  return readFile(createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`));
}
