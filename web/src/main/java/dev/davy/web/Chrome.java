package dev.davy.web;

/// What stands around every page.
///
/// @param title as the browser's tab shows it
/// @param place which part of the navigation it belongs to: `model`, `release`, `monitor`,
///   `review`, `jobs`
/// @param who is signed in; empty on this machine, where nobody needs to be
/// @param live whether it is kept up to date
public record Chrome(String title, String place, String who, boolean live) {
    public String asset(String name) {
        return Assets.at(name);
    }
}
