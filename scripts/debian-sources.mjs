/**
 * The archives that one of apt's source files names for binary packages, most likely a full Debian archive first. Takes
 * the text of a `.list` file (one line each) or a `.sources` file (deb822 stanzas); security archives have no `sid`.
 */
export function debianArchives(text, isDeb822) {
  const entries = isDeb822 ? deb822Entries(text) : listEntries(text);
  const archives = entries
    .filter(
      ({ uri, suite, components }) => isReachable(uri) && !/security/.test(uri + suite) && components.includes('main'),
    )
    .map(({ uri }) => uri.replace(/\/+$/, ''));
  return [...new Set(archives)].sort(
    (left, right) => Number(right.endsWith('/debian')) - Number(left.endsWith('/debian')),
  );
}

/** debootstrap reads these; apt's other transports it does not know. */
function isReachable(uri) {
  return /^(https?|file):/.test(uri);
}

function listEntries(text) {
  return text.split('\n').flatMap((line) => {
    const [, uri, suite, components] = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)([^#]*)/.exec(line) ?? [];
    return uri === undefined ? [] : [{ uri, suite, components: words(components) }];
  });
}

function deb822Entries(text) {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map();
    let name;
    for (const line of stanza.split('\n').filter((each) => !each.startsWith('#'))) {
      const field = /^([\w-]+):(.*)$/.exec(line);
      if (field !== null) name = field[1].toLowerCase();
      fields.set(name, `${fields.get(name) ?? ''} ${field?.[2] ?? line}`);
    }
    const read = (key) => words(fields.get(key) ?? '');
    if (!read('types').includes('deb') || read('enabled').includes('no')) return [];
    return read('uris').flatMap((uri) =>
      read('suites').map((suite) => ({ uri, suite, components: read('components') })),
    );
  });
}

function words(text) {
  return text.split(/\s+/).filter((word) => word !== '');
}
