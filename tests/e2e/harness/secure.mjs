// A server that speaks HTTP/2, without which browsers stream no upload.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key and a certificate of this hour, for 127.0.0.1; undefined where there is no openssl. */
function makeCertificate() {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-tls-'));
  try {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
    const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', ['req', '-x509', ...options, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Its origin and its end; undefined where it can't be. With CORS for everybody. */
export async function startSecureServer(answer) {
  const certificate = makeCertificate();
  if (!certificate) return undefined;
  const sessions = new Set();
  const server = createSecureServer(certificate, (request, response) => {
    const { origin = '*', 'access-control-request-headers': headers = '*' } = request.headers;
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-headers', headers);
    response.setHeader('access-control-allow-methods', 'GET, POST, PUT');
    if (request.method === 'OPTIONS') response.writeHead(204).end();
    else answer(request, response);
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    origin: `https://127.0.0.1:${server.address().port}`,
    close() {
      sessions.forEach((session) => session.destroy());
      server.close();
    },
  };
}
