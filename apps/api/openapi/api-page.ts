import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { CONTENT_SECURITY_POLICY } from '../http/security-headers.js';

const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const PAGE = `<!DOCTYPE html>
<html lang="vi">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>motcua API</title>
  <link rel="stylesheet" href="/api/page/swagger-ui.css">
  <link rel="stylesheet" href="/api/page/page.css">
  <link rel="icon" type="image/png" href="/api/page/favicon-32x32.png">
</head>
<body>
  <div id="swagger-ui"></div>
  <script src="/api/page/swagger-ui-bundle.js"></script>
  <script src="/api/page/page.js"></script>
</body>
</html>
`;

const STYLE = `html { box-sizing: border-box; overflow-y: scroll; }
*, *::before, *::after { box-sizing: inherit; }
body { margin: 0; background: #fafafa; }
`;

// Nothing is asked of other hosts, and the address of the page cannot name another document.
const SCRIPT = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  queryConfigEnabled: false,
});
`;

/** Swagger UI draws its signs from pictures within its style sheet. */
const DIRECTIVES = { ...CONTENT_SECURITY_POLICY, 'img-src': ["'self'", 'data:'] };

/** `/api`: a page to try the API, from files only, so that the policy of contents holds for it, too. */
export function serveApiPage(fastify: FastifyInstance): void {
  const helmet = { contentSecurityPolicy: { useDefaults: false, directives: DIRECTIVES } };
  fastify.get('/api', { config: { helmet } }, (_request, reply) => reply.type('text/html').send(PAGE));
  fastify.get('/api/page/page.css', (_request, reply) => reply.type('text/css').send(STYLE));
  fastify.get('/api/page/page.js', (_request, reply) => reply.type('text/javascript').send(SCRIPT));
  const root = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  void fastify.register(fastifyStatic, { root, serve: false });
  for (const file of FILES) fastify.get(`/api/page/${file}`, (_request, reply) => reply.sendFile(file));
}
