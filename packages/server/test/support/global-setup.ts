// The path that command lines use.
export { globalSetup, globalTeardown } from '@mintaka/testing/global-setup';
