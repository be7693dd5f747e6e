import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {} from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { BOARD_FILES } from '#libs/queue-board/board-files.adapter.js';
import { BOARD_PATH } from '#libs/queue-board/queue-board.js';

/** Page → its file. */
const PAGES: Readonly<Record<string, string>> = {
  '/look-up': 'look-up.html',
  '/sign-in': 'sign-in.html',
  '/account': 'account.html',
  '/inbox': 'inbox.html',
  '/outlook': 'outlook.html',
};

/** Copied beside the compiled files by `nest build` (assets in nest-cli.json). */
const FOLDER = join(dirname(fileURLToPath(import.meta.url)), 'public');

/** Plain pages for people, and under `/pages/` their styles and scripts. After `serveApiPage`, which brings `sendFile`. */
export function servePages(fastify: FastifyInstance): void {
  const parts = readdirSync(FOLDER).filter((file) => /\.(css|js)$/.test(file));
  const routes = { ...PAGES, ...Object.fromEntries(parts.map((file) => [`/pages/${file}`, file])) };
  for (const [path, file] of Object.entries(routes)) {
    fastify.get(path, (_request, reply) => reply.sendFile(file, FOLDER));
  }
  // Of the board of queues, whose page and figures are for administrators.
  for (const entry of readdirSync(BOARD_FILES, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = relative(BOARD_FILES, join(entry.parentPath, entry.name));
    fastify.get(`${BOARD_PATH}/static/${file}`, (_request, reply) => reply.sendFile(file, BOARD_FILES));
  }
}
