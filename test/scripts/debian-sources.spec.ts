import { describe, expect, it } from '@jest/globals';
import { debianArchives } from '../../scripts/debian-sources.mjs';

describe(debianArchives.name, () => {
  it('should read deb822 stanzas and leave out security, source-only and disabled ones', () => {
    const text = `Types: deb deb-src
# a comment
URIs: http://mirror.example/debian/
Suites: bookworm
  bookworm-updates
Components: main contrib

Types: deb
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main

Types: deb-src
URIs: http://source.example/debian
Suites: bookworm
Components: main

Types: deb
Enabled: no
URIs: http://off.example/debian
Suites: bookworm
Components: main
`;
    expect(debianArchives(text, true)).toEqual(['http://mirror.example/debian']);
  });

  it('should read one-line entries and prefer what looks like a whole archive', () => {
    const text = `# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] https://tools.example/apt stable main
deb http://mirror.example/debian bookworm main # inline
deb http://mirror.example/debian bookworm-updates main
deb http://mirror.example/debian-security bookworm-security main
deb-src http://mirror.example/debian bookworm main
deb cdrom:[Debian]/ bookworm main
deb mirror+file:/etc/mirrors.txt bookworm main
`;
    expect(debianArchives(text, false)).toEqual(['http://mirror.example/debian', 'https://tools.example/apt']);
  });

  it('should find nothing in an empty file', () => {
    expect(debianArchives('', false)).toEqual([]);
    expect(debianArchives('', true)).toEqual([]);
  });
});
