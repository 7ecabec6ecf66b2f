import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { listenUsersGrpc } from './users-grpc';

const USERS = [
  { id: '1', name: 'Ada' },
  { id: '2', name: 'Grace' },
];

interface Answer {
  status?: number;
  body: unknown;
}

function missing(what: string): Answer {
  return { status: 404, body: { code: 'NOT_FOUND', message: `No such ${what}` } };
}

function answerGet(url: URL, headers: IncomingHttpHeaders, requests: number): Answer | undefined {
  const [, kind, id] = url.pathname.split('/');
  switch (kind) {
    case 'users':
      if (id === undefined) return { body: USERS };
      return { body: USERS.find((user) => user.id === id) } satisfies Answer;
    case 'orders':
      return headers.authorization === undefined
        ? { status: 401, body: { code: 'NO_TOKEN', message: 'A token is needed' } }
        : { body: [{ id: 'a', userId: url.searchParams.get('userId'), total: 25 }] };
    case 'headers':
      return { body: headers };
    case 'files':
      return { body: { path: decodeURIComponent(url.pathname) } };
    case 'unsteady':
      if (requests > 1) return { body: { requests, attempt: headers['x-request-attempt'] } };
      return { status: 503, body: { code: 'BUSY', message: 'Try again' } };
    case 'slow':
      return undefined;
    default:
      return missing('resource');
  }
}

/**
 * The API on http://localhost:4000 that the programs of README.md and docs/ talk to. `/unsteady`
 * fails the first time, `/slow` never answers.
 */
export function createUsersApi(): Server {
  let requests = 0;
  return createServer((request, response) => {
    requests++;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const isGet = request.method === 'GET';
      const posted = () => ({
        id: '3',
        ...(JSON.parse(Buffer.concat(chunks).toString()) as object),
      });
      const answer = isGet
        ? answerGet(url, request.headers, requests)
        : { status: 201, body: posted() };
      if (!answer) return;
      const { status = 200, body } = answer.body === undefined ? missing('user') : answer;
      response.writeHead(status, { 'content-type': 'application/json', 'x-total-count': '2' });
      response.end(JSON.stringify(body));
    });
  });
}

if (require.main === module) {
  createUsersApi().listen(4000, '127.0.0.1');
  void listenUsersGrpc(50051);
}
