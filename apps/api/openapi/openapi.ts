import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { SECURITY_SCHEMES } from '#libs/access/http/action.decorator.js';
import { TOO_MANY } from '#libs/http/problem-responses.decorator.js';
import { serveApiPage } from './api-page.js';

const [TOKEN, SESSION] = SECURITY_SCHEMES;

/** The OpenAPI 3.1 document of the application. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('motcua – một cửa')
    .setDescription(
      'Theo dõi hồ sơ một cửa: mỗi hồ sơ là một dòng sự kiện chỉ ghi thêm. ' +
        'Case tracking for a one-stop desk: every dossier is an append-only stream of events.',
    )
    .setVersion('0.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'motcua_…' }, TOKEN)
    .addCookieAuth('motcua', { type: 'apiKey', in: 'cookie' }, SESSION)
    .build();
  return withLimits(SwaggerModule.createDocument(app, config, { autoTagControllers: false }));
}

/** Whatever is below /api can be asked too often. */
function withLimits(document: OpenAPIObject): OpenAPIObject {
  for (const [path, { get, post, put, patch, delete: remove }] of Object.entries(document.paths)) {
    if (!path.startsWith('/api')) continue;
    for (const operation of [get, post, put, patch, remove]) {
      if (operation) operation.responses['429'] ??= TOO_MANY;
    }
  }
  return document;
}

/** `/api/openapi.json`, and `/api` as a page to try it; `/` leads there. */
export function serveOpenApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('api', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    ui: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  serveApiPage(fastify);
  fastify.get('/', (_request, reply) => reply.redirect('/api', 302));
}
