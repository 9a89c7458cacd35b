import assert from 'node:assert/strict';
import { lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { editProfiles, type ProfileEdit, readProfiles, readValues, SettingsError } from '../src/index.ts';

let folder: string;
let file: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'mintaka-profiles-'));
  file = join(folder, 'profiles.toml');
});
after(() => rmSync(folder, { recursive: true }));

const values = (object: Readonly<Record<string, string>>) => new Map(Object.entries(object));

/** The content of the file after edits. */
function edited(text: string, ...edits: readonly ProfileEdit[]): string {
  writeFileSync(file, text);
  for (const edit of edits) editProfiles(file, edit);
  return readFileSync(file, 'utf8');
}

const written = `# mine
active = 'work' # at the office

# for everything else
[profiles.default]
PREFECT_API_URL = "http://127.0.0.1:4200/api" # this machine

# the office
[profiles.work]
  PREFECT_LOGGING_LEVEL = 'DEBUG'
# soon: PREFECT_API_KEY
PREFECT_ORION_API_PORT = 5005
`;

test('a changed setting keeps its position and its comment, a new one follows the last, and all other lines are kept', () => {
  const text = edited(
    written,
    { kind: 'set', profile: 'default', values: values({ PREFECT_API_URL: 'http://h/api', A: 'x "y" \\' }) },
    { kind: 'unset', profile: 'work', names: ['PREFECT_LOGGING_LEVEL', 'PREFECT_HOME'] },
  );
  assert.equal(
    text,
    `# mine
active = 'work' # at the office

# for everything else
[profiles.default]
PREFECT_API_URL = "http://h/api" # this machine
A = "x \\"y\\" \\\\"

# the office
[profiles.work]
# soon: PREFECT_API_KEY
PREFECT_ORION_API_PORT = 5005
`,
  );
});

test('a profile can be added, renamed, activated and deleted, and the lines of the others are kept', () => {
  const added = edited(
    written,
    { kind: 'rename', profile: 'work', to: 'at work' },
    { kind: 'create', profile: 'home', values: values({ PREFECT_API_URL: 'http://h/api' }) },
  );
  assert.equal(
    added,
    `${written.replace("'work'", '"at work"').replace('[profiles.work]', '[profiles."at work"]')}
[profiles.home]
PREFECT_API_URL = "http://h/api"
`,
  );
  const deleted = edited(
    added,
    { kind: 'delete', profile: 'at work' },
    { kind: 'use', profile: 'home' },
    { kind: 'delete', profile: 'default' },
  );
  assert.equal(
    deleted,
    `# mine
active = "home"

[profiles.home]
PREFECT_API_URL = "http://h/api"
`,
  );
});

test('the first edit creates the file and its folder, which only the owner can read', () => {
  const own = join(folder, 'new', 'profiles.toml');
  editProfiles(own, { kind: 'set', profile: 'default', values: values({ PREFECT_API_KEY: 'k' }) });
  assert.equal(readFileSync(own, 'utf8'), '[profiles.default]\nPREFECT_API_KEY = "k"\n');
  assert.equal(statSync(own).mode & 0o777, 0o600);
});

test('an edit keeps the permissions of the file, and a link to it', () => {
  const target = join(folder, 'target.toml');
  const link = join(folder, 'link.toml');
  writeFileSync(target, written, { mode: 0o640 });
  symlinkSync(target, link);
  editProfiles(link, { kind: 'use', profile: 'default' });
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(statSync(target).mode & 0o777, 0o640);
  assert.equal(readProfiles(target).active, 'default');
});

test('an edit of a missing profile, and an existing name, are refused and change nothing', () => {
  writeFileSync(file, written);
  const refused: readonly [ProfileEdit, RegExp][] = [
    [{ kind: 'use', profile: 'none' }, /profile "none" not found in .*profiles\.toml/],
    [{ kind: 'delete', profile: 'none' }, /profile "none" not found/],
    [{ kind: 'unset', profile: 'none', names: ['A'] }, /profile "none" not found/],
    [{ kind: 'create', profile: 'work', values: new Map() }, /profile "work" already exists in /],
    [{ kind: 'rename', profile: 'work', to: 'default' }, /profile "default" already exists/],
  ];
  for (const [edit, message] of refused) {
    assert.throws(() => editProfiles(file, edit), { name: 'SettingsError', message });
  }
  assert.equal(readFileSync(file, 'utf8'), written);
});

test('a file that is not TOML is not overwritten', () => {
  writeFileSync(file, 'active = ');
  assert.throws(() => editProfiles(file, { kind: 'create', profile: 'a', values: new Map() }), SettingsError);
  assert.equal(readFileSync(file, 'utf8'), 'active = ');
});

test('the environment selects the profile, then the file; a missing one causes a warning', () => {
  writeFileSync(file, written);
  const read = (environment: Record<string, string>) =>
    readValues({ MINTAKA_PROFILES_PATH: file, ...environment });
  assert.equal(read({}).profile, 'work');
  assert.equal(read({ PREFECT_PROFILE: 'default' }).profile, 'default');
  assert.match(read({ MINTAKA_PROFILE: 'none' }).warnings.join(), /profile "none" not found in /);
  assert.equal(read({}).profilesFile, file);
});

/** Layouts of one and the same content, some of which no line can be edited in. */
const layouts = [
  'active = "b"\n[profiles.a]\nX = "1"\nY = """\nX = 1\n[profiles.c]"""\n[profiles.b]\n',
  'active = "b"\nprofiles.a.X = "1"\nprofiles.a.Y = "X = 1\\n[profiles.c]"\nprofiles.b = {}\n',
  'active = "b"\nprofiles = { a = { X = "1", Y = "X = 1\\n[profiles.c]" }, b = {} }\n',
  'active = "b"\n[profiles]\na = { X = "1", Y = "X = 1\\n[profiles.c]" }\nb = {}\n',
  '[profiles."a"]\r\nX = 1\r\nY = "X = 1\\n[profiles.c]"\r\n[profiles]\r\n[profiles.b]\r\n[other]\r\nX = "2"\r\n',
] as const;

test('with any layout of the file and any text, an edit results in exactly the intended content', () => {
  const name = fc.oneof(fc.constantFrom('a', 'b', 'c', 'X'), fc.string({ minLength: 1, unit: 'binary' }));
  const given = fc
    .dictionary(name, fc.string({ unit: 'binary' }), { maxKeys: 3, noNullPrototype: true })
    .map(values);
  const edit: fc.Arbitrary<ProfileEdit> = fc.oneof(
    fc.record({ kind: fc.constant('use' as const), profile: name }),
    fc.record({ kind: fc.constant('create' as const), profile: name, values: given }),
    fc.record({ kind: fc.constant('delete' as const), profile: name }),
    fc.record({ kind: fc.constant('rename' as const), profile: name, to: name }),
    fc.record({ kind: fc.constant('set' as const), profile: name, values: given }),
    fc.record({
      kind: fc.constant('unset' as const),
      profile: name,
      names: fc.array(name, { maxLength: 2 }),
    }),
  );
  const property = fc.property(
    fc.constantFrom(...layouts),
    fc.array(edit, { maxLength: 5 }),
    (layout, edits) => {
      writeFileSync(file, layout);
      for (const each of edits) {
        try {
          const says = editProfiles(file, each);
          assert.deepEqual(readProfiles(file), says);
        } catch (error) {
          if (!(error instanceof SettingsError)) throw error;
        }
      }
    },
  );
  fc.assert(property, { numRuns: 300 });
});
