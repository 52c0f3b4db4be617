/// ONNX files as data: read field by field, never loaded.
///
/// Start at [OnnxFile], which reads one; [Sniff] names what is no ONNX file; [ValueDependence]
/// tells whether an input's value can decide how much a run takes. A file is hostile until shown
/// otherwise: every length is checked against what is left, and depth and counts have limits. Knows
/// `strict` only.
@NullMarked
package dev.davy.runtime.onnx;

import org.jspecify.annotations.NullMarked;
