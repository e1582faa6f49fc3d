// Owns certificates for tests, made by openssl: an authority, and what it signs.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Authority {
  /** The file of its certificate. */
  readonly file: string;
  /** Writes `NAME.crt` and `NAME.key` and tells their paths. Names in `altNames` as openssl spells them: `DNS:…`, `IP:…`. */
  sign(name: string, order: Order): Signed;
}

export interface Order {
  readonly commonName: string;
  readonly altNames?: readonly string[];
  readonly from?: Date;
  readonly to?: Date;
}

export interface Signed {
  readonly certificate: string;
  readonly key: string;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

export const authorityIn = (directory: string, name: string): Authority => {
  const file = join(directory, `${name}.crt`);
  const key = join(directory, `${name}.key`);
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '30',
    ...[...['-subj', `/CN=${name}`, '-keyout', key, '-out', file]],
  );
  return {
    file,
    sign: (leaf, { commonName, altNames = [], from, to }) => {
      const path = (end: string): string => join(directory, `${leaf}.${end}`);
      const extensions = path('ext');
      writeFileSync(extensions, altNames.length === 0 ? '' : `subjectAltName=${altNames.join(',')}\n`);
      openssl(
        'req',
        '-new',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        ...[...['-subj', `/CN=${commonName}`, '-keyout', path('key'), '-out', path('csr')]],
      );
      const start = from ?? new Date(Date.now() - DAY_MS);
      const end = to ?? new Date(Date.now() + DAY_MS);
      // `x509` of openssl 3.0 cannot choose the first day; `ca` can, and wants a book to keep.
      writeFileSync(path('book'), '');
      writeFileSync(
        path('cnf'),
        [
          '[ca]\ndefault_ca=it\n[it]',
          `database=${path('book')}\nnew_certs_dir=${directory}\nrand_serial=yes\ndefault_md=sha256`,
          `policy=any\nunique_subject=no\n[any]\ncommonName=supplied\n`,
        ].join('\n'),
      );
      openssl(
        'ca',
        '-batch',
        '-config',
        path('cnf'),
        '-notext',
        '-cert',
        file,
        '-keyfile',
        key,
        ...[
          ...['-in', path('csr'), '-out', path('crt'), '-extfile', extensions],
          ...['-startdate', asn1(start), '-enddate', asn1(end)],
        ],
      );
      return { certificate: path('crt'), key: path('key') };
    },
  };
};

const openssl = (...args: readonly string[]): void => {
  execFileSync('openssl', args, { stdio: 'pipe' });
};

const asn1 = (moment: Date): string => `${moment.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
