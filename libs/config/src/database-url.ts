import { ConfigurationError } from './configuration-error.js';
import { variables } from './environment.js';

/** Where the data lives: an embedded file, or a MySQL or MariaDB server. */
export type DatabaseLocation =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'mysql';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly database: string;
    };

/**
 * Reads `sqlite:PATH` or `mysql://user:password@host:port/database` (`mariadb://` is the same).
 * @throws ConfigurationError naming DATABASE_URL.
 */
export function parseDatabaseUrl(url: string): DatabaseLocation {
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length);
    return path === '' ? refuse('names no file after sqlite:') : { kind: 'sqlite', path };
  }
  if (!URL.canParse(url)) {
    return refuse('is not a URL');
  }
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  if (protocol !== 'mysql:' && protocol !== 'mariadb:') {
    return refuse(`has the unknown scheme ${protocol}`);
  }
  const database = decoded(pathname.slice(1));
  if (hostname === '' || database === '') {
    return refuse('needs a host and a database name');
  }
  return {
    kind: 'mysql',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 3306 : Number(port),
    user: decoded(username) || 'root',
    password: decoded(password),
    database,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return refuse('has a percent sign that begins no percent-encoded character; write it as %25');
  }
}

function refuse(problem: string): never {
  throw new ConfigurationError([{ variable: 'DATABASE_URL', problem, example: variables.DATABASE_URL.example }]);
}
