//! Several numbers that a processor computes at once.
//!
//! Each comes out as it does alone, to the bit, and on every machine: no product is fused with a sum. A function that takes
//! a `simd` is compiled for several processors, and has to be inlined into the `dispatch!` that chooses among them.

#![expect(clippy::inline_always, reason = "see above")]

use std::ops::{Add, AddAssign, Mul, MulAssign, SubAssign};

use fearless_simd::{Simd, SimdInto, f64x8};

/// A number, or the same number of several models.
pub(crate) trait Number:
    Copy
    + Default
    + Add<f64, Output = Self>
    + AddAssign
    + Mul<f64, Output = Self>
    + MulAssign
    + SubAssign
{
    /// As a processor holds it while it computes.
    type Register<S: Simd>: Copy + Mul<Output = Self::Register<S>> + MulAssign + SubAssign;

    fn load<S: Simd>(self, simd: S) -> Self::Register<S>;

    fn store<S: Simd>(register: Self::Register<S>) -> Self;

    fn map(self, each: impl Fn(f64) -> f64) -> Self;

    fn any(self, is: impl Fn(f64) -> bool) -> bool;

    /// That of one model.
    fn lane(&self, lane: usize) -> f64;
}

impl Number for f64 {
    type Register<S: Simd> = Self;

    #[inline(always)]
    fn load<S: Simd>(self, _: S) -> Self {
        self
    }

    #[inline(always)]
    fn store<S: Simd>(register: Self) -> Self {
        register
    }

    #[inline(always)]
    fn map(self, each: impl Fn(f64) -> f64) -> Self {
        each(self)
    }

    #[inline(always)]
    fn any(self, is: impl Fn(f64) -> bool) -> bool {
        is(self)
    }

    fn lane(&self, _: usize) -> f64 {
        *self
    }
}

/// The same number of eight models, in one line of the cache.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(align(64))]
pub(crate) struct Lanes(pub(crate) [f64; Self::COUNT]);

impl Lanes {
    pub(crate) const COUNT: usize = 8;

    #[inline(always)]
    fn with(mut self, other: Self, each: impl Fn(f64, f64) -> f64) -> Self {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a = each(*a, b);
        }
        self
    }
}

impl Number for Lanes {
    type Register<S: Simd> = f64x8<S>;

    #[inline(always)]
    fn load<S: Simd>(self, simd: S) -> f64x8<S> {
        self.0.simd_into(simd)
    }

    #[inline(always)]
    fn store<S: Simd>(register: f64x8<S>) -> Self {
        Self(register.into())
    }

    #[inline(always)]
    fn map(mut self, each: impl Fn(f64) -> f64) -> Self {
        for lane in &mut self.0 {
            *lane = each(*lane);
        }
        self
    }

    #[inline(always)]
    fn any(self, is: impl Fn(f64) -> bool) -> bool {
        self.0.into_iter().any(is)
    }

    fn lane(&self, lane: usize) -> f64 {
        self.0[lane]
    }
}

impl Add<f64> for Lanes {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: f64) -> Self {
        self.map(|lane| lane + other)
    }
}

impl AddAssign for Lanes {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = self.with(other, |a, b| a + b);
    }
}

impl SubAssign for Lanes {
    #[inline(always)]
    fn sub_assign(&mut self, other: Self) {
        *self = self.with(other, |a, b| a - b);
    }
}

impl Mul<f64> for Lanes {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: f64) -> Self {
        self.map(|lane| lane * other)
    }
}

impl MulAssign for Lanes {
    #[inline(always)]
    fn mul_assign(&mut self, other: Self) {
        *self = self.with(other, |a, b| a * b);
    }
}
