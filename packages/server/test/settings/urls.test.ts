import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingsError } from '@mintaka/settings';
import { readSettings } from '../../src/settings.ts';

const read = (environment: Record<string, string>) =>
  readSettings({ MINTAKA_PROFILES_PATH: '/dev/null', ...environment });

test('a trailing slash of a URL makes no difference to the pages and their links', () => {
  for (const end of ['', '/', '//']) {
    const { ui } = read({ PREFECT_API_URL: `http://h/tools/api${end}` });
    assert.deepEqual([ui.apiUrl, ui.url], ['http://h/tools/api', 'http://h/tools']);
    assert.equal(read({ PREFECT_UI_URL: `https://h/tools${end}` }).ui.url, 'https://h/tools');
    const uiApiUrl = `https://h/other/api${end}`;
    assert.equal(read({ PREFECT_ORION_UI_API_URL: uiApiUrl }).ui.apiUrl, 'https://h/other/api');
  }
  assert.equal(read({ PREFECT_API_URL: 'http://h/v1' }).ui.url, 'http://h/v1');
});

test('empty URLs mean no URL', () => {
  const { ui } = read({ PREFECT_API_URL: '', PREFECT_UI_URL: '', PREFECT_ORION_UI_API_URL: '' });
  assert.deepEqual([ui.apiUrl, ui.url], [null, null]);
});

test('the URL of the API for the pages can be only a path, and has brackets around IPv6 hosts', () => {
  assert.equal(read({ PREFECT_ORION_UI_API_URL: '/api' }).ui.apiUrl, '/api');
  const template = 'http://${PREFECT_ORION_API_HOST}:${PREFECT_ORION_API_PORT}/api';
  for (const host of ['::1', '[::1]']) {
    const settings = read({ PREFECT_ORION_API_HOST: host, PREFECT_ORION_UI_API_URL: template });
    assert.equal(settings.ui.apiUrl, 'http://[::1]:4200/api');
    assert.equal(settings.host, '::1');
  }
});

test('a base path has a leading slash and no trailing one, however it is given', () => {
  for (const given of ['/tools/mintaka', '/tools/mintaka/']) {
    assert.equal(read({ MINTAKA_BASE_PATH: given }).basePath, '/tools/mintaka');
  }
  for (const given of ['', '/']) assert.equal(read({ MINTAKA_BASE_PATH: given }).basePath, '');
});

const refused: [name: string, value: string][] = [
  ['PREFECT_API_URL', 'flows.example.com/api'],
  ['PREFECT_API_URL', 'localhost:4200/api'],
  ['PREFECT_API_URL', 'ftp://flows.example.com/api'],
  ['PREFECT_UI_URL', '/pages'],
  ['PREFECT_ORION_UI_API_URL', 'api'],
  ['PREFECT_ORION_API_HOST', ''],
  ['PREFECT_ORION_API_HOST', '127.0.0.1:4200'],
  ['PREFECT_ORION_API_HOST', 'http://127.0.0.1'],
  ['PREFECT_ORION_API_HOST', '[127.0.0.1]'],
  ['MINTAKA_BASE_PATH', 'tools'],
  ['MINTAKA_BASE_PATH', '/a//b'],
  ['MINTAKA_BASE_PATH', '/a?b'],
];
for (const [name, value] of refused) {
  test(`${name}="${value}" is refused in one line that names the setting and the rule`, () => {
    assert.throws(
      () => read({ [name]: value }),
      (error: unknown) =>
        error instanceof SettingsError &&
        error.message.startsWith(`${name}: "${value}" is not valid; it must be `),
    );
  });
}
