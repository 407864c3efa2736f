// Bits of the detectors, by which the prefilter says which of them to run.

/** The first seven are the families of scripts/needles.mts. */
export const PROSE: u32 = 1;
export const INSERT: u32 = 2;
export const TOKEN: u32 = 4;
export const PEM: u32 = 8;
export const SCHEME: u32 = 16;
export const IBAN: u32 = 32;
export const TRACK: u32 = 64;
export const PAIRS: u32 = 128;
export const TRAILING: u32 = 256;
export const PAN: u32 = 512;
export const EMAIL: u32 = 1024;
export const PHONE: u32 = 2048;
export const IDENTITY: u32 = 4096;
export const ENCODED: u32 = 8192;
export const DUMPS: u32 = 16384;
export const LISTS: u32 = 32768;
export const ALL: u32 = 65535;
