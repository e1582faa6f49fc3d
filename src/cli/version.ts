// Owns the version: written in by the build, and a plain word when run from source.
declare const WARROOM_VERSION: string | undefined;

export const version: string = typeof WARROOM_VERSION === 'string' ? WARROOM_VERSION : 'from source';
