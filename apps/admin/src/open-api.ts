import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** Serves the OpenAPI document and its reader at `/admin/docs`; the document is made when it is first asked for. */
export function serveOpenApi(application: INestApplication): void {
  const description = new DocumentBuilder()
    .setTitle('Cleanmail Provisioning: admin REST')
    .setDescription(
      'Tenants, secret tokens, mailbox accounts and the provisioning log. Errors are application/problem+json (RFC 9457).',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The admin key.' })
    .build();
  SwaggerModule.setup('admin/docs', application, () => SwaggerModule.createDocument(application, description));
}
