// The operations of a pattern's program, as scripts/pattern-program.mts writes them.

export const ACCEPT: u8 = 0;
export const BYTE: u8 = 1;
export const SET: u8 = 2;
export const SPLIT: u8 = 3;
export const JUMP: u8 = 4;
export const SAVE: u8 = 5;
export const RUN: u8 = 6;
export const RUN_LAZY: u8 = 7;
export const RUN_WHOLE: u8 = 8;
export const TRY_IF: u8 = 9;
export const ONLY_IF: u8 = 10;
export const TEXT_START: u8 = 11;
export const TEXT_END: u8 = 12;
export const WORD: u8 = 13;
export const NOT_WORD: u8 = 14;
export const AHEAD: u8 = 15;
export const NOT_AHEAD: u8 = 16;
export const BEHIND: u8 = 17;
export const NOT_BEHIND: u8 = 18;
export const LOOK: u8 = 19;
export const BACK: u8 = 20;
export const RESET: u8 = 21;
export const SPLIT_LAZY: u8 = 22;
