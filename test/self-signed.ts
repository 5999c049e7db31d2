import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** Makes a certificate for 127.0.0.1, and its key, in this folder. Gives the paths of both. */
export function selfSigned(folder: string): { key: string; cert: string } {
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  // openssl tells its progress on stderr.
  execFileSync('openssl', [...request.split(' '), ...names, '-keyout', key, '-out', cert], {
    stdio: 'pipe',
  });
  return { key, cert };
}
