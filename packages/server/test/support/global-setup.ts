// The path under which command lines know it.
export { globalSetup, globalTeardown } from '@mintaka/testing/global-setup';
