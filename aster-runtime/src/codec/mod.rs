//! XLANG and JSON payload codecs.
