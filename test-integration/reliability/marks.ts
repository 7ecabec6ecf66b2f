/** The lines of what must hold, by group. docs/reliability.md shows what stands for each. */
export const GROUPS = {
  General: ['G1', 'G2', 'G3', 'G4', 'G5', 'G6'],
  Input: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8'],
  Headers: ['H1', 'H2', 'H3', 'H4', 'H5', 'H6'],
  'REST faults': ['U1', 'U2', 'U3', 'U4', 'U5', 'U6', 'U7', 'U8', 'U9', 'U10', 'U11', 'U12'],
  'gRPC faults': ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8'],
  Isolation: ['T1', 'T2', 'T3', 'T4', 'T5'],
  Resources: ['L1', 'L2', 'L3', 'L4', 'L5'],
  'Retries, cancellation, backpressure': ['C1', 'C2', 'C3', 'C4', 'C5', 'C6'],
  Hooks: ['K1', 'K2', 'K3', 'K4'],
  'Shutdown, secrets, supply chain': [
    ...(['S1', 'S2', 'S3', 'X1', 'X2', 'X3', 'X4'] as const),
    ...(['P1', 'P2', 'P3', 'P4', 'P5', 'P6'] as const),
  ],
} as const;

export type Mark = (typeof GROUPS)[keyof typeof GROUPS][number];
